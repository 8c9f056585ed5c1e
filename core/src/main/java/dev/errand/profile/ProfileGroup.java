package dev.errand.profile;

import jakarta.validation.groups.Default;

/**
 * The validation groups of constraints that differ between profiles. Constraints without a group
 * apply in every profile.
 */
public interface ProfileGroup extends Default {

    /** The group of {@link ApiProfile#V2026_05}. */
    interface In2026_05 extends ProfileGroup {}

    /** The group of {@link ApiProfile#V2026_09}. */
    interface In2026_09 extends ProfileGroup {}

    /** Returns the group of a profile. */
    static Class<? extends ProfileGroup> of(ApiProfile profile) {
        return switch (profile) {
            case V2026_05 -> In2026_05.class;
            case V2026_09 -> In2026_09.class;
        };
    }
}
