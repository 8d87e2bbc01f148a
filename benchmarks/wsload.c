/*
 * Many WebSocket clients in one thread, so that the load is never what is measured.
 *
 * Called from Python (load.py). What a protocol says while a connection opens is decided there, by
 * the function `hear`; afterwards nothing is decoded: every message that is measured carries the
 * marker "lienbench" and eight digits in clear, which is looked for in what arrives. Client frames
 * are masked with the key 0 (legal; servers unmask all the same).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
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
#include <time.h>
#include <unistd.h>

enum { CLOSED, UPGRADING, OPENING, OPEN };
enum { OK = 0, TOO_LATE = -1, LOST = -2, REFUSED = -3, DOUBLED = -4, SYSTEM = -5 };
enum { WAIT = 0, READY = 1 }; /* what `hear` returns; anything else refuses */

typedef int (*hear_fn)(int connection, const char *payload, long length);

typedef struct {
    int fd, state;
    char *kept; /* the beginning of a frame whose rest has not come */
    long length;
} connection;

typedef struct {
    int connection;
    const char *bytes;
    long length;
} post;

typedef struct {
    const post *posts;
    int messages, in_flight;
    int expected;        /* deliveries of each message, an echo to its sender included */
    int acks;            /* acknowledgements of all messages */
    double rate;         /* messages a second, 0: as fast as `in_flight` allows */
    double timeout;      /* seconds */
    const char *ack;     /* text that an acknowledgement contains; empty: its type byte is below */
    int ack_type, refusal_type;
    double *latencies;   /* out: seconds from each post to its last delivery to somebody else */
    double wall;         /* out: seconds */
    int acked, finished; /* out */
    int *count;
    double *sent;
} run;

static const char MARKER[] = "lienbench";
static connection *all;
static int capacity, epoll = -1, lost, opened, refused;
static hear_fn hear;
static run *current;
static char error_text[256], buffer[1 << 18];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static int fail(int code, const char *what) {
    snprintf(error_text, sizeof error_text, "%s: %s", what, strerror(errno));
    return code;
}

const char *load_error(void) { return error_text; }

int load_init(int connections) {
    all = calloc(connections, sizeof *all);
    capacity = connections;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    return all && epoll >= 0 ? OK : fail(SYSTEM, "start");
}

static void drop(connection *c) {
    if (c->state == CLOSED) return;
    close(c->fd);
    free(c->kept);
    memset(c, 0, sizeof *c);
}

int load_send(int number, const char *bytes, long length) {
    connection *c = &all[number];
    while (c->state != CLOSED && length > 0) {
        ssize_t written = send(c->fd, bytes, length, MSG_NOSIGNAL);
        if (written >= 0) {
            bytes += written, length -= written;
        } else if (errno == EAGAIN) {
            struct pollfd wait = {.fd = c->fd, .events = POLLOUT};
            poll(&wait, 1, 1000);
        } else {
            return fail(LOST, "send");
        }
    }
    return length ? LOST : OK;
}

static void measure(int number, const char *payload, long length) {
    run *r = current;
    if (!r) return;
    const char *at = payload, *end = payload + length;
    while ((at = memmem(at, end - at, MARKER, sizeof MARKER - 1)) && end - at >= 17) {
        int message = 0;
        for (int digit = 9; digit < 17; digit++) message = message * 10 + at[digit] - '0';
        at += 17;
        if (message < 0 || message >= r->messages) continue;
        if (number != r->posts[message].connection) r->latencies[message] = now() - r->sent[message];
        r->count[message]++;
        if (r->count[message] == r->expected) r->finished++;
    }
    if (*r->ack) {
        size_t size = strlen(r->ack);
        for (at = payload; (at = memmem(at, end - at, r->ack, size)); at += size) r->acked++;
    } else if (length > 1) {
        if ((unsigned char)payload[1] == r->ack_type) r->acked++;
        if ((unsigned char)payload[1] == r->refusal_type) refused++;
    }
}

static void take(int number, int opcode, const char *payload, long length) {
    connection *c = &all[number];
    if (opcode == 9) {
        char pong[6 + 125] = {(char)0x8a, (char)(0x80 | length)};
        memcpy(pong + 6, payload, length);
        load_send(number, pong, 6 + length);
    } else if (opcode == 8) {
        snprintf(error_text, sizeof error_text, "closed with %d",
                 length > 1 ? (unsigned char)payload[0] << 8 | (unsigned char)payload[1] : 0);
        lost++;
        drop(c);
    } else if (opcode <= 2 && c->state == OPENING) {
        int said = hear ? hear(number, payload, length) : READY;
        if (said == READY) c->state = OPEN, opened++;
        else if (said != WAIT) refused++;
    } else if (opcode <= 2) {
        measure(number, payload, length);
    }
}

/* Returns how many bytes were whole. */
static long parse(int number, char *data, long length) {
    connection *c = &all[number];
    long start = 0;
    if (c->state == UPGRADING) {
        char *end = memmem(data, length, "\r\n\r\n", 4);
        if (!end) return 0;
        if (length < 12 || memcmp(data, "HTTP/1.1 101", 12)) {
            snprintf(error_text, sizeof error_text, "%.*s", (int)strcspn(data, "\r"), data);
            refused++;
            drop(c);
            return length;
        }
        start = end + 4 - data;
        c->state = OPENING;
        int said = hear ? hear(number, NULL, 0) : READY;
        if (said == READY) c->state = OPEN, opened++;
        else if (said != WAIT) refused++;
    }
    while (c->state != CLOSED && length - start >= 2) {
        unsigned char *head = (unsigned char *)data + start;
        long size = head[1] & 0x7f, body = 2;
        if (size == 126) {
            if (length - start < 4) break;
            size = head[2] << 8 | head[3], body = 4;
        } else if (size == 127) {
            if (length - start < 10) break;
            size = 0, body = 10;
            for (int byte = 2; byte < 10; byte++) size = size << 8 | head[byte];
        }
        if (length - start < body + size) break;
        take(number, head[0] & 15, (char *)head + body, size);
        start += body + size;
    }
    return start;
}

static void readable(int number) {
    connection *c = &all[number];
    if (c->state == CLOSED) return;
    long kept = c->length;
    if (kept >= (long)sizeof buffer) { lost++; drop(c); return; }
    memcpy(buffer, c->kept, kept);
    ssize_t got = recv(c->fd, buffer + kept, sizeof buffer - kept, 0);
    if (got <= 0) {
        if (got < 0 && errno == EAGAIN) return;
        snprintf(error_text, sizeof error_text, "the server closed a connection");
        lost++;
        drop(c);
        return;
    }
    free(c->kept);
    c->kept = NULL, c->length = 0;
    long length = kept + got, whole = parse(number, buffer, length);
    if (c->state != CLOSED && whole < length) {
        c->length = length - whole;
        c->kept = malloc(c->length);
        memcpy(c->kept, buffer + whole, c->length);
    }
}

static void turn(int wait_ms) {
    struct epoll_event events[512];
    int count = epoll_wait(epoll, events, 512, wait_ms);
    while (count-- > 0) readable(events[count].data.u32);
}

static int begin(int number, int port, uint32_t source, const char *request, long length) {
    connection *c = &all[number];
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0) return fail(SYSTEM, "socket");
    c->state = UPGRADING;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(source)};
    if (source) {
        setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (bind(c->fd, (void *)&address, sizeof address)) return fail(SYSTEM, "bind");
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(c->fd, (void *)&address, sizeof address)) return fail(SYSTEM, "connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
    return load_send(number, request, length);
}

/*
 * Open connections first … first + count - 1, at most `together` of them under way. `source`, when
 * not 0, is the first of the local addresses, each used for `per_source` connections.
 */
int load_open(int first, int count, int port, uint32_t source, int per_source,
              const char **requests, const long *lengths, int together, double timeout,
              hear_fn listener) {
    double deadline = now() + timeout;
    hear = listener, opened = lost = refused = 0;
    for (int begun = 0; opened < count;) {
        while (begun < count && begun - opened < together) {
            uint32_t from = source ? source + (first + begun) / per_source : 0;
            int code = begin(first + begun, port, from, requests[begun], lengths[begun]);
            if (code) return code;
            begun++;
        }
        turn(20);
        if (refused) return REFUSED;
        if (lost) return LOST;
        if (now() > deadline) {
            snprintf(error_text, sizeof error_text, "%d of %d open in time", opened, count);
            return TOO_LATE;
        }
    }
    return OK;
}

static int measured(run *r) {
    double began = now(), deadline = began + r->timeout;
    for (int next = 0; r->finished < r->messages || r->acked < r->acks;) {
        int waiting = 0;
        while (next < r->messages && next - r->finished < r->in_flight) {
            double due = began + next / r->rate, at = now();
            if (r->rate > 0 && at < due) { waiting = 1; break; }
            const post *p = &r->posts[next];
            r->sent[next++] = at;
            if (load_send(p->connection, p->bytes, p->length)) return LOST;
        }
        turn(waiting ? 0 : 20);
        if (refused) return REFUSED;
        if (lost) return LOST;
        if (now() > deadline) {
            snprintf(error_text, sizeof error_text, "%d of %d delivered, %d of %d acknowledged",
                     r->finished, r->messages, r->acked, r->acks);
            return TOO_LATE;
        }
    }
    r->wall = now() - began;
    for (int message = 0; message < r->messages; message++)
        if (r->count[message] != r->expected) return DOUBLED;
    return OK;
}

int load_run(run *r) {
    r->count = calloc(r->messages, sizeof *r->count);
    r->sent = calloc(r->messages, sizeof *r->sent);
    lost = refused = 0;
    current = r;
    int code = measured(r);
    current = NULL;
    free(r->count), free(r->sent);
    return code;
}

/* Answer pings for a while; returns how many connections were lost meanwhile. */
int load_watch(double seconds) {
    lost = 0;
    for (double end = now() + seconds; now() < end;) turn(20);
    return lost;
}

void load_close(int first, int count) {
    for (int number = first; number < first + count && number < capacity; number++)
        drop(&all[number]);
}
