/*
 * KAOWU_SANITIZED: is this a build with the address, leak or thread sanitizer? They reserve terabytes of address
 * space and make system calls of their own, so that the sandbox is a little wider in such builds (which only tests
 * use).
 */
#ifndef KAOWU_WORKER_SANITIZED_H
#define KAOWU_WORKER_SANITIZED_H

#define KAOWU_SANITIZED 0

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#undef KAOWU_SANITIZED
#define KAOWU_SANITIZED 1
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef KAOWU_SANITIZED
#define KAOWU_SANITIZED 1
#endif
#endif

#endif
