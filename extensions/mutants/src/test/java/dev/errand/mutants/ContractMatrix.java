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

    private static final int PROGRESS_EVERY = 20;

    private ContractMatrix() {}

    /**
     * Prints a line a contract, and writes all of it to a file.
     *
     * @param arguments the file, {@code target/contracts.md} unless said
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments.length > 0 ? arguments[0] : "target/contracts.md");
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        Map<Class<?>, List<Mutant>> onlyBy = new LinkedHashMap<>();
        Map<Class<?>, Integer> kills = new LinkedHashMap<>();
        Contracts.all().forEach(contract -> onlyBy.put(contract, new ArrayList<>()));
        List<Mutant> mutants = Mutants.all();
        Hunt hunt = new Hunt();
        for (int i = 0; i < mutants.size(); i++) {
            List<Class<?>> killers = hunt.killers(mutants.get(i));
            killers.forEach(contract -> kills.merge(contract, 1, Integer::sum));
            if (killers.size() == 1) {
                onlyBy.get(killers.get(0)).add(mutants.get(i));
            }
            if ((i + 1) % PROGRESS_EVERY == 0 || i + 1 == mutants.size()) {
                System.out.printf("%d of %d mutants%n", i + 1, mutants.size());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("| contract | kills | alone | such as |");
        lines.add("|---|---|---|---|");
        onlyBy.forEach(
                (contract, alone) ->
                        lines.add(
                                "| %s | %d | %d | %s |"
                                        .formatted(
                                                Contracts.nameOf(contract),
                                                kills.getOrDefault(contract, 0),
                                                alone.size(),
                                                alone.isEmpty() ? "" : alone.get(0))));
        long earned = onlyBy.values().stream().filter(alone -> !alone.isEmpty()).count();
        lines.add("");
        lines.add(
                "contracts without which a mutant lives: %d / %d".formatted(earned, onlyBy.size()));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
        lines.forEach(System.out::println);
    }
}
