package dev.errand.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.run.RunTransitions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles and runs, and its diagram matches the transition table. */
class ReadmeTest {

    private static final Path README = findReadme();

    @TempDir private Path directory;

    @Test
    void embeddingExampleCompilesAndRuns() throws Exception {
        String program =
                """
                import dev.errand.*;
                import dev.errand.dispatch.*;
                import dev.errand.memory.*;
                import dev.errand.memory.objects.*;
                import dev.errand.process.*;
                import dev.errand.run.*;
                import dev.errand.spi.*;
                import dev.errand.spi.artifact.*;
                import dev.errand.spi.dispatch.*;
                import dev.errand.spi.project.*;
                import dev.errand.spi.run.*;
                import dev.errand.spi.task.*;
                import dev.errand.task.*;
                import java.nio.file.Path;
                import java.time.*;
                import java.util.function.BooleanSupplier;

                public class Example {
                    public static void run(Path workDirectory) throws Exception {
                %s
                    }

                    static void waitUntil(BooleanSupplier condition) {
                        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                        while (!condition.getAsBoolean() && System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                    }
                }
                """
                        .formatted(block("java"));

        String printed = compileAndRun(program);

        assertThat(printed).contains("working on: Fix the empty cart");
    }

    @Test
    void diagramIsGeneratedFromTheTransitionTable() throws IOException {
        assertThat(block("mermaid")).isEqualTo(RunTransitions.diagram());
    }

    private String compileAndRun(String program) throws Exception {
        Path source = Files.writeString(directory.resolve("Example.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        boolean compiled =
                compiler.getTask(
                                problems,
                                null,
                                null,
                                List.of(
                                        "-d",
                                        directory.toString(),
                                        "-proc:none",
                                        "-cp",
                                        System.getProperty(
                                                "surefire.test.class.path",
                                                System.getProperty("java.class.path"))),
                                null,
                                compiler.getStandardFileManager(null, null, null)
                                        .getJavaFileObjects(source))
                        .call();
        assertThat(compiled).as(problems.toString()).isTrue();

        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader classes = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            classes.loadClass("Example")
                    .getMethod("run", Path.class)
                    .invoke(null, Files.createDirectory(directory.resolve("work")));
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(README));
        assertThat(block.find()).as("a block of " + language + " in " + README).isTrue();
        return block.group(1);
    }

    private static Path findReadme() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("memory-backend/pom.xml"))) {
            directory = directory.getParent();
        }
        return directory.resolve("README.md");
    }
}
