package dev.errand.spi.store;

/** Whether a list contains the tasks that have a property. */
public enum Inclusion {
    /** Only tasks without the property. */
    EXCLUDE,
    /** Only tasks with the property. */
    ONLY,
    /** All tasks. */
    ALL;

    /** Returns whether the list contains a task. */
    public boolean accepts(boolean hasProperty) {
        return this == ALL || hasProperty == (this == ONLY);
    }
}
