/* Replaces what the C library prepares, in a static program, for two things that the daemon never does: to load a library
 * at run time, and to unwind a C++ exception. The names are those of glibc and libgcc; where one of them has another,
 * nothing is replaced, and the start is a little slower.
 * - _dl_get_origin asks /proc/self/exe for the folder of the program, _dl_init_paths lists folders of libraries, and
 *   _dl_find_object_init sorts the loaded objects for the unwinder.
 * - The table of frames is registered by reading it. The runtime has an unwinder of its own, which finds it by itself. */
const char *__wrap__dl_get_origin(void) { return (const char *)-1; }
void __wrap__dl_init_paths(void) { }
void __wrap__dl_find_object_init(void) { }
void __wrap___register_frame_info(const void *frames, void *object) { (void)frames, (void)object; }
void *__wrap___deregister_frame_info(const void *frames) { return (void)frames, (void *)0; }
