/** Workspaces with the repositories of tasks, by the git program. */
module dev.errand.workspaces.git {
    requires transitive dev.errand.spi;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.errand.workspaces.git;
}
