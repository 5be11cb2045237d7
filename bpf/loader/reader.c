// SPDX-License-Identifier: Apache-2.0
/*
 * Who reads the frames. Over a socket it is one process at a time, of one user; nothing is ever read
 * from it. It may die and come back: what happens meanwhile waits in the kernel's ring.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "loader.h"

static int reader = -1;
static int listener = -1;
static uid_t reader_uid;
static const char *socket_path;

void read_by_stdout(void)
{
	reader = STDOUT_FILENO;
}

/* The file to write to; -1 while nobody reads. */
int reader_fd(void)
{
	return reader;
}

static void remove_socket(void)
{
	unlink(socket_path);
}

/* Makes the socket, which its owner and its group may connect to; only `uid` is then listened to. */
int listen_at(const char *path, uid_t uid)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat found;

	if (strlen(path) >= sizeof(address.sun_path))
		die("--socket %s: expected at most %zu bytes", path, sizeof(address.sun_path) - 1);
	strcpy(address.sun_path, path);
	/* One that a loader left here that was killed would be in the way. */
	if (!lstat(path, &found) && (!S_ISSOCK(found.st_mode) || unlink(path)))
		die("--socket %s: something else is there", path);
	umask(0117);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 1))
		die("--socket %s: %s", path, strerror(errno));
	reader_uid = uid;
	socket_path = path;
	atexit(remove_socket);
	say("waiting for a recorder of user %u at %s", uid, path);
	return listener;
}

/* Why who has connected is not to read; NULL if it is. */
static const char *why_not(int peer)
{
	struct ucred who = { .uid = -1 };
	socklen_t bytes = sizeof(who);

	if (reader >= 0)
		return "there is a recorder already";
	if (getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &bytes) || who.uid != reader_uid)
		return "it runs as another user";
	return NULL;
}

/* Takes who has connected; false if that is not to read. */
bool take_reader(void)
{
	int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	const char *reason;

	if (peer < 0)
		return false;
	reason = why_not(peer);
	if (reason) {
		say("turned a connection away: %s", reason);
		close(peer);
		return false;
	}
	say("a recorder has connected");
	reader = peer;
	return true;
}

/* The reader is gone: another one may come if there is a socket. */
void lose_reader(void)
{
	if (reader >= 0 && listener >= 0) {
		say("the recorder is gone; events wait in the ring for the next");
		close(reader);
	}
	reader = -1;
}
