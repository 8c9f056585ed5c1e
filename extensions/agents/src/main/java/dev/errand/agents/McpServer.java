package dev.errand.agents;

import dev.errand.spi.Secret;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A server of tools (Model Context Protocol) that an agent program may use. */
public sealed interface McpServer {

    /** Returns its name, of the form {@code [A-Za-z0-9_-]+}. */
    String name();

    /**
     * A server that is reached over HTTP.
     *
     * @param name its name
     * @param type {@code http} or {@code sse}
     * @param url its address
     * @param headers headers of each request
     */
    record Remote(String name, String type, URI url, Map<String, Secret> headers)
            implements McpServer {

        /**
         * Checks name and type, and copies the headers.
         *
         * @throws IllegalArgumentException if the name or the type is malformed
         */
        public Remote {
            requireName(name);
            if (!type.equals("http") && !type.equals("sse")) {
                throw new IllegalArgumentException("type must be http or sse, not " + type);
            }
            Objects.requireNonNull(url, "url");
            headers = Map.copyOf(headers);
        }
    }

    /**
     * A server that is a program of the sandbox.
     *
     * @param name its name
     * @param command the program and its arguments
     * @param environment its environment variables
     */
    record Local(String name, List<String> command, Map<String, Secret> environment)
            implements McpServer {

        /**
         * Checks the name and the command, and copies the collections.
         *
         * @throws IllegalArgumentException if the name is malformed or the command empty
         */
        public Local {
            requireName(name);
            command = List.copyOf(command);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("command of MCP server " + name + " is empty");
            }
            environment = Map.copyOf(environment);
        }
    }

    private static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "name of an MCP server must match [A-Za-z0-9_-]+, not '" + name + "'");
        }
    }
}
