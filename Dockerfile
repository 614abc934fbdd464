# Two stages: the Go image builds one static binary, and the final image holds that, a place for the answers, and
# nothing else. Build: docker build -t gradlab .   Run: docker run -p 8080:8080 -v gradlab:/data gradlab
FROM docker.io/library/golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.released=$VERSION" -o /out/gradlab ./server
# SQLite sorts large results in files under /tmp; both folders must exist, since the final image cannot make them.
RUN mkdir -p /out/dirs/data /out/dirs/tmp

FROM scratch
# For a PostgreSQL server whose certificate a public authority signed.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /out/dirs/ /
COPY --from=build /out/gradlab /gradlab
COPY --from=build /src/LICENSE /src/static/licences/modules.txt /licences/
USER 65532:65532
ENV GRADLAB_ADDR=0.0.0.0:8080 GRADLAB_DB=/data/gradlab.db
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/gradlab", "--healthcheck"]
ENTRYPOINT ["/gradlab"]
