package dev.errand.spi.store;

/**
 * The condition of the {@code repository} filter (docs/wire/tasks.md#d1). Texts are in lower case
 * and literal; no character is a wildcard.
 */
public sealed interface RepositoryMatch {

    /** Whether the condition matches a stored repository, which is in lower case. */
    boolean matches(String repository);

    /** The complete {@code organization/name}. */
    record FullName(String repository) implements RepositoryMatch {
        @Override
        public boolean matches(String stored) {
            return stored.equals(repository);
        }
    }

    /** The name after the slash, in any organization. */
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
