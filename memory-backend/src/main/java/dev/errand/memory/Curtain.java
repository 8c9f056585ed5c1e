package dev.errand.memory;

/** Hides tasks that are inserted together until all of them are in place; one write shows them. */
final class Curtain {

    /** Never opened: what is hidden alone is shown alone. */
    static final Curtain OF_ONE = new Curtain();

    private volatile boolean open;

    /** Shows everything behind it, at one moment and for good. */
    void open() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }
}
