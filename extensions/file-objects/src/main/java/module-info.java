/** An object store in a directory of the host's file system. */
module dev.errand.objects.file {
    requires transitive dev.errand.spi;
    requires static org.jspecify;

    exports dev.errand.objects.file;
}
