package dev.errand.server;

import dev.errand.profile.ApiProfile;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the name of a version of the API. */
final class ApiProfileConverter implements ITypeConverter<ApiProfile> {

    @Override
    public ApiProfile convert(String name) {
        return ApiProfile.fromWire(name)
                .orElseThrow(
                        () ->
                                new TypeConversionException(
                                        "expected 2026-05 or 2026-09 but was '" + name + "'"));
    }
}
