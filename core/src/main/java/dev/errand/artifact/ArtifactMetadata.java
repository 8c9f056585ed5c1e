package dev.errand.artifact;

import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.spi.WireValue;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * What a client says about a bundle of agent skills (docs/wire/artifacts.md#metadata).
 *
 * @param skillName the name of the skill
 * @param skillSource where the skill comes from
 * @param contentSha256 the SHA-256 of the file, in lower-case hexadecimal digits
 * @param bundleFormat the format of the file
 * @param schemaVersion the version of this object, at least 1
 */
public record ArtifactMetadata(
        @ValidText(max = UploadItem.MAX_NAME_LENGTH) @NotBlank String skillName,
        @NotNull SkillSource skillSource,
        @NotNull
                @Pattern(
                        regexp = "[0-9a-f]{64}",
                        message = "Must be 64 lowercase hexadecimal digits.")
                String contentSha256,
        @NotNull BundleFormat bundleFormat,
        @NotNull @Min(1) Long schemaVersion) {

    /** Trims texts. */
    public ArtifactMetadata {
        skillName = Text.trimNullable(skillName);
        contentSha256 = Text.trimNullable(contentSha256);
    }

    /** The origin of a skill. */
    public enum SkillSource implements WireValue {
        USER("user"),
        REPO("repo"),
        MARKETPLACE("marketplace"),
        CODEX("codex");

        private final String wire;

        SkillSource(String wire) {
            this.wire = wire;
        }

        @Override
        public String wire() {
            return wire;
        }
    }

    /** The format of a bundle. */
    public enum BundleFormat implements WireValue {
        ZIP("zip");

        private final String wire;

        BundleFormat(String wire) {
            this.wire = wire;
        }

        @Override
        public String wire() {
            return wire;
        }
    }
}
