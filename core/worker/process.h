/*
 * Starts a worker's process. Only worker.c uses it.
 */
#ifndef KAOWU_WORKER_PROCESS_H
#define KAOWU_WORKER_PROCESS_H

#include <sys/types.h>

#include "worker.h"

/* 0, or an errno. `socket` becomes the child's descriptor 3 and stays open here. Any thread. */
int process_spawn(const struct worker_settings *settings, int socket, pid_t *process);

#endif
