package dev.errand.server;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code --objects}. */
final class ObjectsConverter implements ITypeConverter<ObjectsLocation> {

    @Override
    public ObjectsLocation convert(String text) {
        try {
            return ObjectsLocation.parse(text);
        } catch (IllegalArgumentException refused) {
            throw new TypeConversionException(refused.getMessage());
        }
    }
}
