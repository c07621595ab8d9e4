// Carries Ethernet frames between two taps in two network namespaces: the place that QEMU has in a real VM.
// Usage: relay NAMESPACE TAP NAMESPACE TAP. It prints one line when both are attached, and ends when it is killed.

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int attach(const char *space, const char *tap) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", space);
  int place = open(path, O_RDONLY);
  if (place < 0 || setns(place, CLONE_NEWNET) < 0) fail(path);
  close(place);
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (fd < 0) fail("/dev/net/tun");
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  strncpy(request.ifr_name, tap, IFNAMSIZ - 1);
  if (ioctl(fd, TUNSETIFF, &request) < 0) fail(tap);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct pollfd ends[2] = {{attach(argv[1], argv[2]), POLLIN, 0}, {attach(argv[3], argv[4]), POLLIN, 0}};
  puts("attached");
  fflush(stdout);
  static char frame[65536];
  for (;;) {
    if (poll(ends, 2, -1) < 0) fail("poll");
    for (int from = 0; from < 2; from++) {
      ssize_t length;
      // A frame that the other end cannot take is lost, as on a cable.
      while ((length = read(ends[from].fd, frame, sizeof frame)) > 0)
        if (write(ends[!from].fd, frame, (size_t)length) < 0) continue;
    }
    if ((ends[0].revents | ends[1].revents) & (POLLERR | POLLHUP)) return 1;
  }
}
