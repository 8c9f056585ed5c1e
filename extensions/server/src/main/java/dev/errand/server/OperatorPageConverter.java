package dev.errand.server;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses which page for operators is served. */
final class OperatorPageConverter implements ITypeConverter<OperatorPage> {

    @Override
    public OperatorPage convert(String name) {
        return switch (name) {
            case "none" -> OperatorPage.NONE;
            case "read-only" -> OperatorPage.READ_ONLY;
            case "actions" -> OperatorPage.ACTIONS;
            default ->
                    throw new TypeConversionException(
                            "expected none, read-only or actions but was '" + name + "'");
        };
    }
}
