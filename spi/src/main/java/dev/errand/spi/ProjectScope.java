package dev.errand.spi;

import java.util.Set;

/**
 * The projects that a question across projects is about; only a dispatcher or an operator asks one.
 *
 * <p>There is no question without a scope: whoever means every project says so.
 */
public sealed interface ProjectScope {

    /** Every project of the storage. */
    static ProjectScope everyProject() {
        return EveryProject.INSTANCE;
    }

    /** These projects and no other. */
    static ProjectScope only(Set<ProjectId> projects) {
        return new OnlyProjects(projects);
    }

    /** Whether the project is meant. */
    boolean includes(ProjectId project);

    /** Every project. */
    enum EveryProject implements ProjectScope {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean includes(ProjectId project) {
            return true;
        }
    }

    /** The named projects. */
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
