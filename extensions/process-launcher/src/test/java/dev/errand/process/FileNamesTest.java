package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Names that came from outside. */
class FileNamesTest {

    @Test
    void anOrdinaryNameIsKept() {
        assertThat(FileNames.unique("Plan (final) – ä.tar.gz", new HashSet<>()))
                .isEqualTo("Plan (final) – ä.tar.gz");
    }

    @Test
    void namesAreUniqueWhateverTheirCase() {
        Set<String> taken = new HashSet<>();

        assertThat(FileNames.unique("a.txt", taken)).isEqualTo("a.txt");
        assertThat(FileNames.unique("A.TXT", taken)).isEqualTo("A-2.TXT");
        assertThat(FileNames.unique("a-2.txt", taken)).isEqualTo("a-2-2.txt");
        assertThat(FileNames.unique("x/a.txt", taken)).isEqualTo("a-3.txt");
    }

    @Test
    void hiddenNamesAndDirectoriesAreTold() {
        assertThat(FileNames.unique(".env", new HashSet<>())).isEqualTo(".env");
        assertThat(FileNames.unique(".", new HashSet<>())).isEqualTo("attachment");
        assertThat(FileNames.unique("..", new HashSet<>())).isEqualTo("attachment");
        assertThat(FileNames.unique("a/..", new HashSet<>())).isEqualTo("attachment");
        assertThat(FileNames.unique(" ", new HashSet<>())).isEqualTo("attachment");
    }

    @Property
    void anyNameIsOneFileOfItsDirectory(@ForAll String wanted) {
        String name = FileNames.unique(wanted, new HashSet<>());

        Path directory = Path.of("/attachments");
        assertThat(directory.resolve(name).normalize().getParent()).isEqualTo(directory);
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 200);
    }
}
