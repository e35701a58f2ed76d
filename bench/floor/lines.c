/* What answering lines costs at the least: reads, strips the first word of each line, and writes what is left. */
#include <string.h>
#include <unistd.h>

int main(void)
{
    static char in[16384], out[65536];
    size_t kept = 0;
    ssize_t got;
    while ((got = read(0, in + kept, sizeof in - kept)) > 0) {
        char *line = in, *end = in + kept + got, *to = out, *feed;
        while ((feed = memchr(line, '\n', end - line)) != NULL) {
            char *tab = memchr(line, '\t', feed - line);
            if (tab != NULL) {
                size_t length = feed - tab;
                memcpy(to, tab + 1, length);
                to += length;
            }
            line = feed + 1;
        }
        kept = end - line;
        memmove(in, line, kept);
        for (char *from = out; from < to;) {
            ssize_t put = write(1, from, to - from);
            if (put < 0)
                return 1;
            from += put;
        }
    }
    return 0;
}
