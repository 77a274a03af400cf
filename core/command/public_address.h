/*
 * Is an address one of the public Internet's? Providers of centres are there, unless an operator says otherwise: what a
 * centre writes into its settings must not let the server speak to its own machine, network or cloud. And a server that
 * listens there without a proxy is told of.
 */
#ifndef KAOWU_COMMAND_PUBLIC_ADDRESS_H
#define KAOWU_COMMAND_PUBLIC_ADDRESS_H

#include <stdbool.h>

#include <sys/socket.h>

/* False for what is loopback, private, shared, link-local, multicast, reserved or unspecified, and for whatever is not
 * IP. IPv4 inside of IPv6 is judged as IPv4. Any thread. */
bool address_public(const struct sockaddr *address);

/* Can somebody from there connect to what listens on this address ("127.0.0.1", "::")? All addresses of the machine are
 * taken for one of them. False for what is no address. Any thread. */
bool address_reachable(const char *text);

#endif
