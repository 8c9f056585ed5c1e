package dev.errand.tck;

/** A contract test of a storage with a name. Passed tests are counted by this name. */
public interface NamedStorage {

    /** Returns the name of the storage. */
    String storage();
}
