package dev.errand.server;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses {@code --objects}. */
final class ObjectStoreLocationConverter implements ITypeConverter<ObjectStoreLocation> {

    @Override
    public ObjectStoreLocation convert(String text) {
        try {
            return ObjectStoreLocation.parse(text);
        } catch (IllegalArgumentException invalid) {
            throw new TypeConversionException(invalid.getMessage());
        }
    }
}
