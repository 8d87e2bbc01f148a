/*
 * The least any program can pay to give the same bytes to many sockets: accept, then write.
 *
 *   floor CONNECTIONS ROUNDS BYTES
 *
 * The parent is the server, on the first core; the child connects and reads, on the second, and
 * asks for the next round when it has everything. Prints microseconds of server CPU per write.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    sched_setaffinity(0, sizeof set, &set); /* one core only: stays where it is */
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void load(struct sockaddr_in to, int connections, int rounds, int bytes) {
    static char buffer[1 << 16];
    int *sockets = calloc(connections, sizeof *sockets), poll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        sockets[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(sockets[i], (struct sockaddr *)&to, sizeof to)) die("connect");
        epoll_ctl(poll, EPOLL_CTL_ADD, sockets[i], &event);
    }
    for (int round = 0; round < rounds; round++) {
        if (write(sockets[0], "", 1) != 1) die("write");
        for (long left = (long)connections * bytes; left > 0;) {
            struct epoll_event events[256];
            int count = epoll_wait(poll, events, 256, 10000);
            if (count <= 0) die("epoll_wait");
            while (count-- > 0)
                left -= read(sockets[events[count].data.u32], buffer, sizeof buffer);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    int connections = atoi(argv[1]), rounds = atoi(argv[2]), bytes = atoi(argv[3]);
    struct rlimit files = {connections + 64, connections + 64};
    setrlimit(RLIMIT_NOFILE, &files);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), *sockets = calloc(connections, sizeof *sockets);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)) die("listen");
    getsockname(listener, (struct sockaddr *)&address, &size);
    if (fork() == 0) {
        pin(1);
        load(address, connections, rounds, bytes);
        return 0;
    }
    pin(0);
    for (int i = 0, on = 1; i < connections; i++) {
        sockets[i] = accept(listener, NULL, NULL);
        setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    char *frame = calloc(1, bytes), asked;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (int round = 0; round < rounds; round++) {
        if (read(sockets[0], &asked, 1) != 1) die("read");
        for (int i = 0; i < connections; i++)
            if (write(sockets[i], frame, bytes) != bytes) die("write");
    }
    getrusage(RUSAGE_SELF, &after);
    double used = (after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1e6 +
                  (after.ru_utime.tv_usec - before.ru_utime.tv_usec) +
                  (after.ru_stime.tv_sec - before.ru_stime.tv_sec) * 1e6 +
                  (after.ru_stime.tv_usec - before.ru_stime.tv_usec);
    printf("%.2f\n", used / connections / rounds);
    wait(NULL);
    return 0;
}
