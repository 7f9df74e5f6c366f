{{- /* The chart keeps to what Go's text/template has by itself: what is rendered in the tests is then what Helm renders. */ -}}

{{- /* A value as JSON, which is YAML too. Numbers, yes and no stand as they are. */ -}}
{{- define "baton.json" -}}
{{- $kind := printf "%T" . -}}
{{- if eq $kind "string" -}}
{{ printf "%q" . }}
{{- else if eq $kind "map[string]interface {}" -}}
{ {{- $comma := "" }}{{ range $key, $value := . }}{{ $comma }} {{ printf "%q" $key }}: {{ template "baton.json" $value }}{{ $comma = "," }}{{ end }} }
{{- else if eq $kind "[]interface {}" -}}
[ {{- $comma := "" }}{{ range . }}{{ $comma }} {{ template "baton.json" . }}{{ $comma = "," }}{{ end }} ]
{{- else -}}
{{ . }}
{{- end -}}
{{- end -}}

{{- /* Variables by their names, each as a text. */ -}}
{{- define "baton.env" -}}
{{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ printf "%v" $value | printf "%q" }}
{{- end -}}
{{- end -}}

{{- /* Nobody gets a right, or writes to the files of their image. */ -}}
{{- define "baton.container-security" }}
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
{{- end -}}

{{- /* Of all pods: an ordinary user, the one that the images name `node`, without any token of the cluster. */ -}}
{{- define "baton.pod-security" }}
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
{{- end -}}

{{- /* How the database is reached once its password is in BATON_DATABASE_PASSWORD; followed by the user, which is not said here. */ -}}
{{- define "baton.database-place" -}}
:$(BATON_DATABASE_PASSWORD)@{{ .host }}:{{ .port }}/{{ .name }}{{ with .parameters }}?{{ . }}{{ end }}
{{- end -}}

{{- define "baton.queues-env" -}}
{{- if .Values.redis.enabled }}
            - name: REDIS_URL
              valueFrom:
                secretKeyRef: { name: {{ printf "%q" .Values.secretName }}, key: {{ printf "%q" .Values.redis.urlKey }} }
{{- end }}
            - name: BATON_LOG
              value: {{ printf "%q" .Values.logLevel }}
{{- end -}}
