/*
 * The least a server can pay for the same work: WebSocket frames in, unmasked, out again.
 *
 * Prints the port it listens on. A client asks for `GET /ROOM` (a number); what one says is written
 * to all others of its room, and the sender is told "ack". No authentication, no log, no limits, no
 * pings, and no answer to the handshake's key: nothing that a product needs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 1 << 17, ROOMS = 1 << 17, KEPT = 1 << 17 };

typedef struct {
    char *kept; /* the beginning of a request or frame whose rest has not come */
    int length, room, place, is_open;
} connection;

static connection *all;
static struct { int *members, count, room_for; } *rooms;
static char input[2 * KEPT], output[KEPT + 16];

static void put(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = send(fd, bytes, length, MSG_NOSIGNAL);
        if (written >= 0) {
            bytes += written, length -= written;
        } else if (errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            poll(&wait, 1, 1000);
        } else {
            return;
        }
    }
}

static void leave(int fd) {
    connection *c = &all[fd];
    if (c->is_open) {
        int last = --rooms[c->room].count;
        int moved = rooms[c->room].members[c->place] = rooms[c->room].members[last];
        all[moved].place = c->place;
    }
    free(c->kept);
    memset(c, 0, sizeof *c);
    close(fd);
}

static void enter(int fd, const char *request) {
    static const char answer[] =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: not-computed\r\n\r\n";
    connection *c = &all[fd];
    c->room = atoi(request + 5) % ROOMS; /* after "GET /" */
    if (rooms[c->room].count == rooms[c->room].room_for) {
        rooms[c->room].room_for = rooms[c->room].room_for * 2 + 2;
        rooms[c->room].members =
            realloc(rooms[c->room].members, rooms[c->room].room_for * sizeof(int));
    }
    c->place = rooms[c->room].count++;
    rooms[c->room].members[c->place] = fd;
    c->is_open = 1;
    put(fd, answer, sizeof answer - 1);
}

static void say(int fd, unsigned char *payload, const unsigned char *mask, int length) {
    int head = length < 126 ? 2 : 4;
    output[0] = (char)0x82;
    output[1] = length < 126 ? length : 126;
    if (head == 4) output[2] = length >> 8, output[3] = length;
    for (int at = 0; at < length; at++) output[head + at] = payload[at] ^ mask[at & 3];
    connection *c = &all[fd];
    for (int place = 0; place < rooms[c->room].count; place++)
        if (rooms[c->room].members[place] != fd)
            put(rooms[c->room].members[place], output, head + length);
    put(fd, "\x82\x03" "ack", 5);
}

static int parse(int fd, char *data, int length) {
    int start = 0;
    if (!all[fd].is_open) {
        char *end = memmem(data, length, "\r\n\r\n", 4);
        if (!end) return 0;
        enter(fd, data);
        start = end + 4 - data;
    }
    while (length - start >= 6) {
        unsigned char *head = (unsigned char *)data + start;
        int size = head[1] & 0x7f, body = 2;
        if (size == 126) size = head[2] << 8 | head[3], body = 4;
        if (length - start < body + 4 + size) break;
        if ((head[0] & 15) <= 2) say(fd, head + body + 4, head + body, size);
        start += body + 4 + size;
    }
    return start;
}

static void readable(int fd) {
    connection *c = &all[fd];
    memcpy(input, c->kept, c->length);
    ssize_t got = recv(fd, input + c->length, KEPT, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) { leave(fd); return; }
    int length = c->length + got;
    free(c->kept);
    c->kept = NULL, c->length = 0;
    int whole = parse(fd, input, length);
    if (whole < length) {
        c->length = length - whole;
        if (c->length > KEPT) { leave(fd); return; }
        c->kept = malloc(c->length);
        memcpy(c->kept, input + whole, c->length);
    }
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0), on = 1;
    if (bind(listener, (void *)&address, size) || listen(listener, 4096)) return 1;
    getsockname(listener, (void *)&address, &size);
    all = calloc(MOST, sizeof *all);
    rooms = calloc(ROOMS, sizeof *rooms);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(poller, events, 256, -1);
        while (count-- > 0) {
            int fd = events[count].data.fd;
            if (fd != listener) { readable(fd); continue; }
            while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                if (fd >= MOST) { close(fd); continue; }
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                event.data.fd = fd;
                epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
            }
        }
    }
}
