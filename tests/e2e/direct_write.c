// direct_write FILE MEBIBYTES: overwrites the beginning of an existing, preallocated file past the
// page cache.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const size_t size = 1 << 20;
  void* block = NULL;
  const int fd = open(argv[1], O_WRONLY | O_DIRECT);
  if (fd < 0 || posix_memalign(&block, 4096, size) != 0) {
    perror(argv[1]);
    return 1;
  }
  memset(block, 'x', size);
  for (long left = strtol(argv[2], NULL, 10); left > 0; --left) {
    if (write(fd, block, size) != (ssize_t)size) {
      perror("write");
      return 1;
    }
  }
  return 0;
}
