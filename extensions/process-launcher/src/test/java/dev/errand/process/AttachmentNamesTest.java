package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** File names derived from attachment names. */
class AttachmentNamesTest {

    @Test
    void ordinaryNameIsKept() {
        assertThat(AttachmentNames.unique("Plan (final) – ä.tar.gz", new HashSet<>()))
                .isEqualTo("Plan (final) – ä.tar.gz");
    }

    @Test
    void namesAreUniqueIgnoringCase() {
        Set<String> taken = new HashSet<>();

        assertThat(AttachmentNames.unique("a.txt", taken)).isEqualTo("a.txt");
        assertThat(AttachmentNames.unique("A.TXT", taken)).isEqualTo("A-2.TXT");
        assertThat(AttachmentNames.unique("a-2.txt", taken)).isEqualTo("a-2-2.txt");
        assertThat(AttachmentNames.unique("x/a.txt", taken)).isEqualTo("a-3.txt");
    }

    @Test
    void hiddenFilesAndDirectoryPartsAreHandled() {
        assertThat(AttachmentNames.unique(".env", new HashSet<>())).isEqualTo(".env");
        assertThat(AttachmentNames.unique(".", new HashSet<>())).isEqualTo("attachment");
        assertThat(AttachmentNames.unique("..", new HashSet<>())).isEqualTo("attachment");
        assertThat(AttachmentNames.unique("a/..", new HashSet<>())).isEqualTo("attachment");
        assertThat(AttachmentNames.unique(" ", new HashSet<>())).isEqualTo("attachment");
    }

    @Property
    void anyNameBecomesAFileOfItsDirectory(@ForAll String wanted) {
        String name = AttachmentNames.unique(wanted, new HashSet<>());

        Path directory = Path.of("/attachments");
        assertThat(directory.resolve(name).normalize().getParent()).isEqualTo(directory);
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 200);
    }
}
