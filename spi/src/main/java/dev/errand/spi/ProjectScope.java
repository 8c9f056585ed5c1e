package dev.errand.spi;

import java.util.Set;

/**
 * A set of projects: those that a caller may use, or those that a query across projects covers.
 * Only dispatchers, workers and operators make such queries; all others name one project.
 */
public sealed interface ProjectScope {

    /** Returns the scope of all projects. */
    static ProjectScope everyProject() {
        return EveryProject.INSTANCE;
    }

    /** Returns the scope of the given projects. */
    static ProjectScope only(Set<ProjectId> projects) {
        return new OnlyProjects(projects);
    }

    /** Whether the scope contains the project. */
    boolean includes(ProjectId project);

    /** All projects. */
    enum EveryProject implements ProjectScope {
        /** The only instance. */
        INSTANCE;

        @Override
        public boolean includes(ProjectId project) {
            return true;
        }
    }

    /** A set of projects. */
    record OnlyProjects(Set<ProjectId> projects) implements ProjectScope {

        /** Copies the set. */
        public OnlyProjects {
            projects = Set.copyOf(projects);
        }

        @Override
        public boolean includes(ProjectId project) {
            return projects.contains(project);
        }
    }
}
