package dev.errand.spi.task;

/**
 * Which repositories the {@code repository} filter means (contract D1). Both texts are in lower
 * case and literal: no character in them is a wildcard.
 */
public sealed interface RepositoryMatch {

    /** Whether a stored repository, in lower case, is meant. */
    boolean matches(String repository);

    /** The whole {@code organization/name}. */
    record FullName(String repository) implements RepositoryMatch {
        @Override
        public boolean matches(String stored) {
            return stored.equals(repository);
        }
    }

    /** The name behind the slash, in any organization. */
    record ShortName(String name) implements RepositoryMatch {
        @Override
        public boolean matches(String stored) {
            return stored.length() > name.length()
                    && stored.endsWith(name)
                    && stored.charAt(stored.length() - name.length() - 1) == '/'
                    && stored.indexOf('/') == stored.length() - name.length() - 1;
        }
    }
}
