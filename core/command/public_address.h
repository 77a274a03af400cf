/*
 * Is an address one of the public Internet's? Providers of centres are there, unless an operator says otherwise: what a
 * centre writes into its settings must not let the server speak to its own machine, network or cloud.
 */
#ifndef KAOWU_COMMAND_PUBLIC_ADDRESS_H
#define KAOWU_COMMAND_PUBLIC_ADDRESS_H

#include <stdbool.h>

#include <sys/socket.h>

/* False for what is loopback, private, shared, link-local, multicast, reserved or unspecified, and for whatever is not
 * IP. IPv4 inside of IPv6 is judged as IPv4. Any thread. */
bool address_public(const struct sockaddr *address);

#endif
