package dev.errand.benchmarks.durable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Describes the machine. */
final class MachineInfo {

    private MachineInfo() {}

    static String description() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %.0f GB, %s %s; %s %s",
                line("/proc/cpuinfo", "model name").orElse("processor unknown"),
                Runtime.getRuntime().availableProcessors(),
                line("/proc/meminfo", "MemTotal")
                                .map(kB -> Double.parseDouble(kB.split(" ")[0]))
                                .orElse(0.0)
                        / (1 << 20),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"));
    }

    /** Returns the load average of the last minute. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static Optional<String> line(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }
}
