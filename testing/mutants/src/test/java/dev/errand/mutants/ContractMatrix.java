package dev.errand.mutants;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs every contract against every mutant that it could kill, and lists for each contract the
 * mutants that no other contract kills. A contract without such a mutant is redundant.
 */
public final class ContractMatrix {

    /**
     * A regular expression that selects mutants by name. If it is set, contracts without an
     * exclusive mutant are not an error.
     */
    private static final String ONLY = System.getProperty("errand.mutants", "");

    private final Map<Class<?>, List<Mutant>> exclusive = new LinkedHashMap<>();
    private final Map<Class<?>, Integer> kills = new LinkedHashMap<>();

    private ContractMatrix() {
        Contracts.all().forEach(contract -> exclusive.put(contract, new ArrayList<>()));
    }

    /**
     * Prints one line per mutant and then one line per contract, and writes the latter to a file.
     *
     * @param arguments the path of the file
     * @throws IllegalStateException if a contract has no exclusive mutant
     */
    public static void main(String[] arguments) throws IOException {
        ContractMatrix matrix = new ContractMatrix();
        PrintStream log = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            matrix.run();
        } finally {
            System.setErr(log);
        }
        List<String> table = matrix.table();
        Path file = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(file.getParent());
        Files.write(file, table);
        table.forEach(System.out::println);
        if (ONLY.isEmpty() && matrix.needed() < matrix.exclusive.size()) {
            throw new IllegalStateException("some contracts have no exclusive mutant");
        }
    }

    private void run() {
        List<Mutant> mutants =
                Mutants.all().stream()
                        .filter(it -> it.toString().matches(".*(" + ONLY + ").*"))
                        .toList();
        MutantRunner runner = new MutantRunner();
        for (int i = 0; i < mutants.size(); i++) {
            Mutant mutant = mutants.get(i);
            List<Class<?>> killers = runner.killers(mutant);
            killers.forEach(contract -> kills.merge(contract, 1, Integer::sum));
            if (killers.size() == 1) {
                exclusive.get(killers.get(0)).add(mutant);
            }
            System.out.printf(
                    "%d of %d: %s: %s%n",
                    i + 1,
                    mutants.size(),
                    mutant,
                    killers.isEmpty()
                            ? "SURVIVES"
                            : killers.size() == 1
                                    ? "only " + Contracts.nameOf(killers.get(0))
                                    : killers.stream().map(Contracts::nameOf).toList());
        }
    }

    private List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("| contract | kills | exclusive mutants |");
        lines.add("|---|---|---|");
        exclusive.forEach(
                (contract, mutants) ->
                        lines.add(
                                "| %s | %d | %s |"
                                        .formatted(
                                                Contracts.nameOf(contract),
                                                kills.getOrDefault(contract, 0),
                                                String.join(
                                                        "<br>",
                                                        mutants.stream()
                                                                .map(Mutant::toString)
                                                                .toList()))));
        lines.add("");
        lines.add(
                "contracts with an exclusive mutant: %d / %d"
                        .formatted(needed(), exclusive.size()));
        return lines;
    }

    private long needed() {
        return exclusive.values().stream().filter(mutants -> !mutants.isEmpty()).count();
    }
}
