/** The floor of Errand: the values that cross a port, the ports, and their outcomes. */
module dev.errand.spi {
    requires static org.jspecify;

    exports dev.errand.spi;
    exports dev.errand.spi.artifact;
    exports dev.errand.spi.dispatch;
    exports dev.errand.spi.project;
    exports dev.errand.spi.run;
    exports dev.errand.spi.task;
}
