/*
 * Landlock: takes files, TCP and signals to others away from this thread and its children, for good.
 *
 * Only child.c and worker_landlock_version() use it.
 */
#ifndef KAOWU_WORKER_LANDLOCK_H
#define KAOWU_WORKER_LANDLOCK_H

/* 0 where the kernel has none. */
int landlock_version(void);

/* From now on files can only be opened for reading, and only below these paths (ended by NULL; one that does not exist
 * is passed over). 0, also where the kernel has no Landlock; -1 with errno. Needs no_new_privs. */
int landlock_confine(const char *const *readable);

#endif
