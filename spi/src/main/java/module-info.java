/**
 * The service provider interface of Errand: the ports that backends, object stores, launchers and
 * hosts implement, and their value types.
 */
@SuppressWarnings("module") // The modules of the qualified export are built after this one.
module dev.errand.spi {
    requires static org.jspecify;

    exports dev.errand.spi;
    exports dev.errand.spi.artifact;
    exports dev.errand.spi.network;
    exports dev.errand.spi.project;
    exports dev.errand.spi.run;
    exports dev.errand.spi.sandbox;
    exports dev.errand.spi.store;
    exports dev.errand.spi.task;
    exports dev.errand.spi.workspace;
    exports dev.errand.spi.internal to
            dev.errand.core,
            dev.errand.jdbc,
            dev.errand.memory,
            dev.errand.objects.file,
            dev.errand.server;
    exports dev.errand.spi.internal.forms to
            dev.errand.core,
            dev.errand.jdbc,
            dev.errand.memory,
            dev.errand.objects.file,
            dev.errand.server;
}
