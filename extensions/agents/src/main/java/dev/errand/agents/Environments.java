package dev.errand.agents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Selects variables of the host. */
final class Environments {

    private Environments() {}

    /** Returns the value of a variable, empty if it is not set to more than white space. */
    static Optional<String> find(Map<String, String> host, String name) {
        return Optional.of(host.getOrDefault(name, "")).filter(value -> !value.isBlank());
    }

    /** Returns the variables of the given names that are set. */
    static Map<String, Secret> of(Map<String, String> host, Set<String> names) {
        Map<String, Secret> selected = new TreeMap<>();
        names.forEach(
                name -> find(host, name).ifPresent(value -> selected.put(name, Secret.of(value))));
        return selected;
    }

    /** Writes secrets into the content of a private file, in a stable order. */
    static void reveal(Map<String, Secret> secrets, ObjectNode members) {
        new TreeMap<>(secrets).forEach((name, secret) -> members.put(name, secret.reveal()));
    }
}
