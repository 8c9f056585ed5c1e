package dev.errand.workspaces.git;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Where a repository is.
 *
 * @param repository its name, as in the task
 * @param url its URL without a password, or the absolute path of a local repository
 * @param protocol the protocol, as named by {@code GIT_ALLOW_PROTOCOL}
 * @param host the server with its port if it has one; {@code local} for a local repository
 * @param user the user name in the URL, may be empty
 * @param base what the URL of a submodule must begin with: the server, or the directory of local
 *     repositories
 */
record RepositoryLocation(
        String repository, String url, String protocol, String host, String user, String base) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Creates the location of a repository on this machine. */
    static RepositoryLocation local(String repository, String path, String base) {
        return new RepositoryLocation(repository, path, "file", "local", "", base);
    }

    /** Creates the location of a repository with a URL such as {@code https://host/path}. */
    static RepositoryLocation remote(String repository, URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost().toLowerCase(Locale.ROOT);
        String server = url.getPort() < 0 ? host : host + ":" + url.getPort();
        String user = url.getRawUserInfo() == null ? "" : url.getRawUserInfo();
        return new RepositoryLocation(
                repository, url.toString(), scheme, server, user, scheme + "://" + server + "/");
    }

    /** Creates the location of a repository with an address such as {@code git@host:path}. */
    static RepositoryLocation ssh(String repository, String address) {
        int colon = address.indexOf(':');
        String host = address.substring(address.indexOf('@') + 1, colon).toLowerCase(Locale.ROOT);
        String base = address.substring(0, colon + 1);
        return new RepositoryLocation(repository, address, "ssh", host, "", base);
    }

    boolean isLocal() {
        return protocol.equals("file");
    }

    /** Whether a password may be sent to the server: only encrypted, or within this machine. */
    boolean acceptsPassword() {
        return protocol.equals("https")
                || protocol.equals("http") && LOOPBACK.contains(host.replaceFirst(":\\d+$", ""));
    }
}
