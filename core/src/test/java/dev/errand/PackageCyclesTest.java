package dev.errand;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packages of each module form no cycle. Reads the imports in the sources of all modules, so
 * that no module has to be built before this one.
 */
class PackageCyclesTest {

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?([a-z][\\w.]*?)\\.[A-Z*]");

    static List<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.walk(PROJECT, 2)) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve(SOURCES)))
                    .map(PROJECT::relativize)
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void packagesFormNoCycle(Path module) throws IOException {
        Map<String, Set<String>> imports = importsByPackage(PROJECT.resolve(module));

        Set<String> inCycles = new TreeSet<>();
        for (String name : imports.keySet()) {
            if (reachableFrom(name, imports).contains(name)) {
                inCycles.add(name + " -> " + imports.get(name));
            }
        }

        assertThat(inCycles).as("packages of %s that are part of a cycle", module).isEmpty();
    }

    private static Map<String, Set<String>> importsByPackage(Path module) throws IOException {
        Map<String, Set<String>> imports = new TreeMap<>();
        try (Stream<Path> files = Files.walk(module.resolve(SOURCES))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                Matcher name = PACKAGE.matcher(source);
                if (name.find()) {
                    Set<String> imported =
                            imports.computeIfAbsent(name.group(1), any -> new TreeSet<>());
                    IMPORT.matcher(source).results().forEach(one -> imported.add(one.group(1)));
                    imported.remove(name.group(1));
                }
            }
        }
        imports.values().forEach(imported -> imported.retainAll(imports.keySet()));
        return imports;
    }

    private static Set<String> reachableFrom(String start, Map<String, Set<String>> imports) {
        Set<String> reachable = new HashSet<>();
        Deque<String> pending = new ArrayDeque<>(imports.get(start));
        while (!pending.isEmpty()) {
            String next = pending.pop();
            if (reachable.add(next)) {
                pending.addAll(imports.get(next));
            }
        }
        return reachable;
    }
}
