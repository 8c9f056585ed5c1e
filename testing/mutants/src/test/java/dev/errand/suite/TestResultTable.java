package dev.errand.suite;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Lists the test results of the last build, one per line: every property with its random seed and
 * number of tries, and every test with its result. Two builds of the same code produce the same
 * table, whatever the order of their tests. Runs as a single file: {@code java
 * TestResultTable.java}.
 */
public final class TestResultTable {

    private static final int SHOWN = 20;

    private TestResultTable() {}

    /**
     * Writes the table and, if an earlier table is given, compares the two.
     *
     * @param arguments the file to write, and optionally the earlier table
     */
    public static void main(String[] arguments) throws IOException, XMLStreamException {
        if (arguments.length == 0) {
            System.out.println("usage: java TestResultTable.java <file to write> [<earlier file>]");
            System.exit(2);
        }
        List<String> properties = properties(Path.of(""));
        List<String> tests = tests(Path.of(""));
        List<String> table = new ArrayList<>(properties);
        table.addAll(tests);
        Files.write(Path.of(arguments[0]), table);
        System.out.printf("%d properties, %d tests%n", properties.size(), tests.size());
        if (arguments.length > 1) {
            List<String> earlier = Files.readAllLines(Path.of(arguments[1]));
            List<String> removed = without(earlier, table);
            List<String> added = without(table, earlier);
            removed.stream().limit(SHOWN).forEach(line -> System.out.println("- " + line));
            added.stream().limit(SHOWN).forEach(line -> System.out.println("+ " + line));
            System.out.printf("%d lines removed, %d lines added%n", removed.size(), added.size());
            if (table.isEmpty() || !removed.isEmpty() || !added.isEmpty()) {
                System.exit(1);
            }
        }
    }

    /** Each property appends a line to this file in every build, hence the set. */
    private static List<String> properties(Path root) throws IOException {
        Set<String> lines = new TreeSet<>();
        for (Path file : built(root, "seeds.txt")) {
            lines.addAll(Files.readAllLines(file));
        }
        return List.copyOf(lines);
    }

    private static List<String> tests(Path root) throws IOException, XMLStreamException {
        List<String> lines = new ArrayList<>();
        for (Path report : built(root, "TEST-")) {
            try (InputStream content = Files.newInputStream(report)) {
                read(XMLInputFactory.newFactory().createXMLStreamReader(content), lines);
            }
        }
        Collections.sort(lines);
        return lines;
    }

    private static void read(XMLStreamReader report, List<String> lines) throws XMLStreamException {
        String test = "";
        String result = "";
        while (report.hasNext()) {
            int event = report.next();
            if (event == XMLStreamReader.START_ELEMENT) {
                switch (report.getLocalName()) {
                    case "testcase" -> {
                        test =
                                report.getAttributeValue(null, "classname")
                                        + "."
                                        + report.getAttributeValue(null, "name").replace("\n", " ");
                        result = "passed";
                    }
                    case "failure", "error", "skipped" -> result = report.getLocalName();
                    default -> {
                        // Output and duration are left out.
                    }
                }
            } else if (event == XMLStreamReader.END_ELEMENT
                    && report.getLocalName().equals("testcase")) {
                lines.add(test + " " + result);
            }
        }
    }

    private static List<Path> built(Path root, String prefix) throws IOException {
        try (Stream<Path> files = Files.find(root, 5, (file, any) -> isBuilt(file, prefix))) {
            return files.sorted().toList();
        }
    }

    private static boolean isBuilt(Path file, String prefix) {
        return file.getFileName().toString().startsWith(prefix)
                && Stream.of("target", "surefire-reports")
                        .anyMatch(parent -> file.toAbsolutePath().getParent().endsWith(parent));
    }

    private static List<String> without(List<String> some, List<String> others) {
        List<String> left = new ArrayList<>(some);
        others.forEach(left::remove);
        return left;
    }
}
