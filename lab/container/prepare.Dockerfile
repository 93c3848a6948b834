# Makes what the demo needs in the folder that is mounted, so that nothing but Docker is needed for it. For docker-compose.yml alone.
# Build from the top of the repository: docker build -f lab/container/prepare.Dockerfile .

FROM node:24-bookworm-slim
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY inventory inventory
COPY logs logs
COPY hosts hosts
COPY apis apis
COPY web web
COPY exporter exporter
COPY remediator remediator
COPY cli cli
COPY lab lab
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/src/lab/container/prepare.ts"]
CMD ["/steward"]
