package dev.errand.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.stream.Stream;

/**
 * An operating-system user other than that of this process, as which agents run.
 *
 * @param command the words in front of a command that run it as this user, with its groups and
 *     without a way to gain privileges
 */
record SandboxUser(String name, int uid, int gid, List<String> command) {

    SandboxUser {
        command = List.copyOf(command);
    }

    /** Gives a directory and everything in it to this user. No agent has access to it yet. */
    void own(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /**
     * Takes the directory of an ended sandbox from its user, so that the next agent of that user
     * cannot enter it. Its content is left as it is.
     */
    static void takeBack(SandboxDirectory directory) throws IOException {
        PosixFileAttributeView agent =
                Files.getFileAttributeView(
                        directory.agent(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        agent.setOwner(Files.getOwner(directory.root()));
        agent.setPermissions(PrivateFiles.DIRECTORY_PERMISSIONS);
    }
}
