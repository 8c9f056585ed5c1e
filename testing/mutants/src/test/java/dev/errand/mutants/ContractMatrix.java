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
 * Plays every contract against every mutant that it could meet, and tells which mutants would live
 * without it: a contract that is the only one to kill some has earned its place.
 */
public final class ContractMatrix {

    /**
     * Only mutants in whose name this expression is found; then no contract is blamed for having
     * none.
     */
    private static final String ONLY = System.getProperty("errand.mutants", "");

    private final Map<Class<?>, List<Mutant>> onlyBy = new LinkedHashMap<>();
    private final Map<Class<?>, Integer> kills = new LinkedHashMap<>();

    private ContractMatrix() {
        Contracts.all().forEach(contract -> onlyBy.put(contract, new ArrayList<>()));
    }

    /**
     * Prints a line a mutant and then one a contract, and writes the latter to a file.
     *
     * @param arguments the file
     * @throws IllegalStateException if there is a contract without which every mutant dies too
     */
    public static void main(String[] arguments) throws IOException {
        ContractMatrix matrix = new ContractMatrix();
        PrintStream log = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            matrix.play();
        } finally {
            System.setErr(log);
        }
        List<String> table = matrix.table();
        Path file = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(file.getParent());
        Files.write(file, table);
        table.forEach(System.out::println);
        if (ONLY.isEmpty() && matrix.earned() < matrix.onlyBy.size()) {
            throw new IllegalStateException(
                    "a contract could be deleted, and no mutant would live");
        }
    }

    private void play() {
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
                onlyBy.get(killers.get(0)).add(mutant);
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
        lines.add("| contract | kills | without it these live |");
        lines.add("|---|---|---|");
        onlyBy.forEach(
                (contract, alone) ->
                        lines.add(
                                "| %s | %d | %s |"
                                        .formatted(
                                                Contracts.nameOf(contract),
                                                kills.getOrDefault(contract, 0),
                                                String.join(
                                                        "<br>",
                                                        alone.stream()
                                                                .map(Mutant::toString)
                                                                .toList()))));
        lines.add("");
        lines.add(
                "contracts without which a mutant lives: %d / %d"
                        .formatted(earned(), onlyBy.size()));
        return lines;
    }

    private long earned() {
        return onlyBy.values().stream().filter(alone -> !alone.isEmpty()).count();
    }
}
