/** Connection tokens as JWTs signed with RS256. */
module dev.errand.jwt {
    requires transitive dev.errand.spi;
    requires com.nimbusds.jose.jwt;
    requires static org.jspecify;

    exports dev.errand.jwt;
}
