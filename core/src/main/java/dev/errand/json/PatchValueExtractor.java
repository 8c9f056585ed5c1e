package dev.errand.json;

import jakarta.validation.valueextraction.ExtractedValue;
import jakarta.validation.valueextraction.ValueExtractor;

/** Lets Bean Validation look into a {@link Patch}; found by it through its service file. */
public final class PatchValueExtractor implements ValueExtractor<Patch<@ExtractedValue ?>> {

    /** Called by Bean Validation. */
    public PatchValueExtractor() {}

    @Override
    public void extractValues(Patch<?> patch, ValueReceiver receiver) {
        patch.value().ifPresent(value -> receiver.value(null, value));
    }
}
