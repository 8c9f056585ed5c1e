package dev.errand.internal.wire;

import dev.errand.request.Patch;
import jakarta.validation.valueextraction.ExtractedValue;
import jakarta.validation.valueextraction.ValueExtractor;

/**
 * Lets a validator apply constraints to the value of a {@link Patch}. Registered as a service, so
 * that every validator finds it.
 */
public final class PatchValueExtractor implements ValueExtractor<Patch<@ExtractedValue ?>> {

    /** Called by the validator. */
    public PatchValueExtractor() {}

    @Override
    public void extractValues(Patch<?> patch, ValueReceiver receiver) {
        patch.value().ifPresent(value -> receiver.value(null, value));
    }
}
