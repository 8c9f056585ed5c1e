package dev.errand.workspaces.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs scripts as an agent or a user would, with an ordinary git configuration of its own. */
final class Shell {

    private Shell() {}

    /** Runs a script in a directory and returns its output; fails if the script fails. */
    static String run(Path directory, String script) {
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder =
                    new ProcessBuilder("/bin/sh", "-e", "-c", script)
                            .directory(directory.toFile())
                            .redirectErrorStream(true);
            builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
            builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
            builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
            builder.environment().put("GIT_AUTHOR_NAME", "Ada");
            builder.environment().put("GIT_AUTHOR_EMAIL", "ada@example.com");
            builder.environment().put("GIT_COMMITTER_NAME", "Ada");
            builder.environment().put("GIT_COMMITTER_EMAIL", "ada@example.com");
            Process process = builder.start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new AssertionError(script + " exited with " + exitCode + ": " + output);
            }
            return output.strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(script, e);
        }
    }

    /**
     * Creates a bare repository with two branches, {@code main} and {@code release/2.1}. It is the
     * copy of a repository that is created once.
     */
    static Path bareRepository(Path directory) {
        Path source = directory.resolveSibling(directory.getFileName() + "-source");
        run(
                directory.resolveSibling("."),
                "cp -R '%s' '%s' && cp -R '%s' '%s'"
                        .formatted(
                                Template.ROOT.resolve("source"),
                                source,
                                Template.ROOT.resolve("bare"),
                                directory));
        run(source, "git remote add origin '" + directory + "'");
        return directory;
    }

    private static final class Template {
        private static final Path ROOT = create();

        private static Path create() {
            try {
                Path root = Files.createTempDirectory("errand-git-test");
                root.toFile().deleteOnExit();
                run(
                        root.resolve("source"),
                        """
                        git init -q -b main .
                        printf 'one\ntwo\nthree\n' > file.txt
                        mkdir src && echo 'class A {}' > src/A.java
                        git add . && git commit -q -m 'First commit'
                        git tag v1
                        git checkout -q -b release/2.1
                        echo four >> file.txt && git commit -q -am 'Release'
                        git checkout -q main
                        git clone -q --bare . ../bare
                        rm -f .git/hooks/* ../bare/hooks/*
                        """);
                return root;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Adds a commit to the branch {@code main} of a bare repository. */
    static String commit(Path bare, String change) {
        Path source = bare.resolveSibling(bare.getFileName() + "-source");
        return run(
                source,
                change
                        + "\ngit add -A && git commit -q --allow-empty -m 'Next commit'"
                        + " && git push -q origin main && git rev-parse HEAD");
    }
}
