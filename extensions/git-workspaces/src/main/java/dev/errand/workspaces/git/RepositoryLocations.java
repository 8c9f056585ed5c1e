package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Maps the names of repositories to their URLs. The name {@code *} stands for all other names; its
 * URL contains the placeholder <code>{repository}</code>.
 *
 * <p>A URL is {@code https:}, {@code http:}, {@code ssh:}, {@code git:} or {@code file:}, an
 * address such as {@code git@host:path}, or an absolute path. It must not contain a password. The
 * operator chooses the URLs; the names of repositories come from callers. They are escaped in URLs,
 * and restricted to letters, digits and {@code . _ ~ -} in paths. Immutable.
 */
public final class RepositoryLocations {

    /** The placeholder for the name of the repository. */
    public static final String PLACEHOLDER = "{repository}";

    private static final String OTHERS = "*";
    private static final int MAX_NAME_LENGTH = 255;
    private static final Set<String> URL_SCHEMES = Set.of("https", "http", "ssh", "git");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*");
    private static final Pattern SSH_ADDRESS =
            Pattern.compile("(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:[^:].*");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern PATH_NAME = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cntrl}\\s\\\\:@]");

    private final Map<String, String> urls;

    private RepositoryLocations(Map<String, String> urls) {
        this.urls = urls;
    }

    /**
     * Creates locations from names and URLs. Names are compared without regard to case.
     *
     * @throws IllegalArgumentException if a URL is not valid or contains a password, a query or a
     *     fragment, or the URL of {@code *} does not contain the placeholder exactly once
     */
    public static RepositoryLocations of(Map<String, String> urls) {
        Map<String, String> checked = new HashMap<>();
        urls.forEach(
                (name, url) -> {
                    String key = name.toLowerCase(Locale.ROOT);
                    boolean hasPlaceholder = url.contains(PLACEHOLDER);
                    if (key.equals(OTHERS) != hasPlaceholder
                            || url.indexOf(PLACEHOLDER) != url.lastIndexOf(PLACEHOLDER)) {
                        throw new IllegalArgumentException(
                                "only the URL for * contains "
                                        + PLACEHOLDER
                                        + ", and contains it once; see the URL for "
                                        + name);
                    }
                    if (locate(url, "example/example").isEmpty()) {
                        throw new IllegalArgumentException(problem(name));
                    }
                    checked.put(key, url);
                });
        return new RepositoryLocations(Map.copyOf(checked));
    }

    /** Creates locations from the URL of all repositories, which contains the placeholder. */
    public static RepositoryLocations ofTemplate(String url) {
        return of(Map.of(OTHERS, url));
    }

    /** Never shows the URL, since what makes it invalid could be a password. */
    private static String problem(String name) {
        return "the URL for "
                + name
                + " must be an https, http, ssh, git or file URL without password, query and fragment, an address such"
                + " as git@host:path, or an absolute path";
    }

    /**
     * Returns where a repository is.
     *
     * @throws WorkspaceException with {@link Reason#REPOSITORY_UNKNOWN} if none is configured under
     *     this name
     */
    RepositoryLocation resolve(String repository) {
        String name = repository.strip().toLowerCase(Locale.ROOT);
        Optional<String> url =
                Optional.ofNullable(urls.get(name))
                        .filter(entry -> !name.equals(OTHERS))
                        .or(() -> Optional.ofNullable(urls.get(OTHERS)).filter(it -> isName(name)));
        return url.flatMap(it -> locate(it, name))
                .orElseThrow(
                        () ->
                                new WorkspaceException(
                                        Reason.REPOSITORY_UNKNOWN,
                                        "No repository named \""
                                                + Texts.printable(repository, MAX_NAME_LENGTH)
                                                + "\" is configured."));
    }

    private static boolean isName(String name) {
        List<String> segments = List.of(name.split("/", -1));
        return name.length() <= MAX_NAME_LENGTH
                && !FORBIDDEN.matcher(name).find()
                && segments.stream().noneMatch(RepositoryLocations::isReserved);
    }

    private static boolean isReserved(String segment) {
        return Set.of("", ".", "..", ".git").contains(segment);
    }

    /** Returns the location of a valid URL and name. */
    private static Optional<RepositoryLocation> locate(String url, String name) {
        if (Texts.hasControlCharacters(url)) {
            return Optional.empty();
        }
        if (url.startsWith("/")) {
            return ofPath(url, name);
        }
        var scheme = SCHEME.matcher(url);
        if (url.contains("://") && scheme.matches()) {
            String protocol = scheme.group(1).toLowerCase(Locale.ROOT);
            if (protocol.equals("file")) {
                return ofFileUrl(url, name);
            }
            return URL_SCHEMES.contains(protocol) ? ofUrl(url, name) : Optional.empty();
        }
        if (url.startsWith("file:/")) {
            return ofFileUrl(url, name);
        }
        return SSH_ADDRESS.matcher(url).matches() ? ofSshAddress(url, name) : Optional.empty();
    }

    private static Optional<RepositoryLocation> ofUrl(String url, String name) {
        URI uri;
        try {
            uri = new URI(url.replace(PLACEHOLDER, escaped(name)));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        String user = uri.getRawUserInfo();
        boolean placeholderInPath =
                !url.contains(PLACEHOLDER)
                        || url.indexOf(PLACEHOLDER) > url.indexOf('/', url.indexOf("://") + 3);
        return uri.getHost() != null
                        && placeholderInPath
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && !uri.getHost().startsWith("-")
                        && (user == null || USER.matcher(user).matches())
                ? Optional.of(RepositoryLocation.remote(name, uri))
                : Optional.empty();
    }

    private static Optional<RepositoryLocation> ofFileUrl(String url, String name) {
        try {
            URI uri = new URI(url.replace(PLACEHOLDER, "errand-placeholder"));
            if (uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || uri.getRawAuthority() != null && !uri.getRawAuthority().isEmpty()) {
                return Optional.empty();
            }
            return ofPath(uri.getPath().replace("errand-placeholder", PLACEHOLDER), name);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<RepositoryLocation> ofPath(String path, String name) {
        int placeholder = path.indexOf(PLACEHOLDER);
        if (placeholder >= 0 && !hasPathNames(name)) {
            return Optional.empty();
        }
        Path file = Path.of(path.replace(PLACEHOLDER, name)).normalize();
        Path parent = file.getParent();
        if (parent == null) {
            return Optional.empty();
        }
        String base =
                placeholder < 0
                        ? parent + "/"
                        : path.substring(0, path.lastIndexOf('/', placeholder) + 1);
        return Optional.of(RepositoryLocation.local(name, file.toString(), base));
    }

    private static Optional<RepositoryLocation> ofSshAddress(String address, String name) {
        return !address.contains(PLACEHOLDER)
                        || hasPathNames(name)
                                && !name.startsWith("-")
                                && address.indexOf(PLACEHOLDER) > address.indexOf(':')
                ? Optional.of(RepositoryLocation.ssh(name, address.replace(PLACEHOLDER, name)))
                : Optional.empty();
    }

    private static boolean hasPathNames(String name) {
        return List.of(name.split("/", -1)).stream()
                .allMatch(segment -> PATH_NAME.matcher(segment).matches());
    }

    /** Escapes everything except unreserved characters and slashes. */
    private static String escaped(String name) {
        return name.codePoints()
                .mapToObj(RepositoryLocations::escaped)
                .collect(Collectors.joining());
    }

    private static String escaped(int character) {
        String text = Character.toString(character);
        if (text.equals("/") || PATH_NAME.matcher(text).matches()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            escaped.append(String.format("%%%02X", unit & 0xff));
        }
        return escaped.toString();
    }
}
