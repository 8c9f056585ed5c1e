package dev.errand.tck;

/** A contract test over one storage, under whose name it is counted when it has passed. */
public interface NamedStorage {

    /** What the storage is called. */
    String storage();
}
