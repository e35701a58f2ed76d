/* Does nothing: what the kernel, the loader and the C library take to start a program. */
int main(void)
{
    return 0;
}
