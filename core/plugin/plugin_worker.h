/*
 * The process that a plugin lives in.
 *
 * It enters the sandbox, says "ready", and waits to be asked. Requests and answers are JSON:
 *     {"call": "load"}                                 loads the file and seals the sandbox: {"manifest": {...}}
 *     {"call": "check_form", "form": {"id": "text"}}   {"findings": [{"finding", "field", "text"}]}
 * or {"refused": {"code": "plugin.abi", "params": {"name": "text"}}}. Loading is asked for, and not done before
 * "ready", so that the server can tell a plugin that crashes or hangs from a process that could not be started.
 * Nothing of a candidate is sent before it is done.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_WORKER_H
#define KAOWU_PLUGIN_PLUGIN_WORKER_H

/* The exit code for main(). */
int plugin_worker_main(const char *path);

#endif
